"""Pure functions from arrays and records to plotly figures; nothing here imports streamlit.

style     colours that follow the page's theme, and the layout that every figure starts from
curves    learning curves of one or many runs, and of rounds as mean and band
probes    the 10x10 last-layer probe: one in focus, small multiples, the ideal
digits    ten probabilities as bars, a digit as an image
"""
