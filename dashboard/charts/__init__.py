"""Pure functions from arrays and records to plotly figures, used by two pages or more; nothing here imports streamlit.

claims     what is claimed after looking often, above what is true
curves     learning curves: one run, many runs over one another, and rounds as mean and band
digits     ten digit probabilities as bars
intervals  means over rounds with their 95% intervals: bars, dots, or lines over a setting
lengths    lengths of gradients, as plain bars
probes     the 10x10 last-layer probe: one in focus, small multiples, the ideal
style      colours that follow the page's theme, and the layout that every figure starts from
"""
