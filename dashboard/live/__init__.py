"""What lives as long as the server, and what it pushes to browsers.

service  the store and the engine, one of each whatever visitors do
"""
