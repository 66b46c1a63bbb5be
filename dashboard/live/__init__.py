"""What lives as long as the server, and what it pushes to browsers.

service  the store and the engine, one of each whatever visitors do
verdict  what every model says of two drawings, answered while the pen still moves
"""
