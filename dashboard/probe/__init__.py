"""The Probe page: the last layer opened.

page             open the last layer and see which pairs of digits a model gets wrong
blame            the switch that tells the last layer's mistakes from the tower's
boards           the boards of all models, the one in focus, and what stands behind a cell of it
arithmetic       what a head computes for two digits, step by step, for a student to check by hand
dragged_bars     the last layer of v1 and of v5 set by hand: twenty numbers and a constant, as bars to drag
certain_softmax  v5's own last layer behind softmaxes that are made more certain
cell_html        what stands behind a probe's cell, as HTML: real pairs with what was read in them
cell_panel       what stands behind one cell of a probe: its verdict, real pairs
probed_models    models under the probe: where they come from, their probes
selection        what a visitor chose on the Probe page, in session state and in the URL
story            the story that the probe tells, with its figures from the committed rounds
"""
