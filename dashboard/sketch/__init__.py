"""The Sketch page: draw two digits and see every model's verdict.

page          draw two digits and see every model say whether the first is less than or equal to the second, a
answering     the models that answer on the Sketch page
canvases      the two canvases of the Sketch page: what stands on them
examples      pairs of digits to start from: one drawn by hand
probe_place   why a model says so: the pair's place on the 10x10 probe
verdict_html  the answers as HTML for `dashboard.components.live_html`: strings in, strings out
"""
