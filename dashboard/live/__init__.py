"""What lives as long as the server, and what it pushes to browsers.

events    the routes that carry launches to browsers: as events, or as an answer where a proxy cuts those
feed      launches that somebody watches, looked at once for all who do
guard     what every answer of the server carries: a security policy, and a visitor's token
memory    what is free again, or was needed by visitors who have left, is given back
message   a launch as browsers get it: its state in words, and the points of its curves that they do not have yet
posted    routes that answer to JSON that a browser posts
readings  what a model's last layer is given of every test digit, for a browser that sets the layer by hand
replay    a launch that has come to rest, once more as it trained
service   the store, the engine and the feed, from the server's start to its end
square    the landscape of a stored run, as far as it has got
"""
