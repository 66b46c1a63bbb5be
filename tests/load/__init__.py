"""A class of visitors at one server, measured: ``python -m tests.load --help``.

visitor   one visitor without a browser, over a real websocket in Streamlit's own protocol
browsers  real ones among them
figures   what was measured, and whether it is good enough
soak      one page for half an hour, while runs come and go
"""
