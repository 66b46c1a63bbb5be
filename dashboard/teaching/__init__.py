"""The sections of the pages "Weight sharing" and "Auxiliary losses", one module each, and what they share.

anatomy     a model's layers with their shapes, weights and activations, found by walking through it
diagram     the same as a drawing
specimens   models, pairs of digits and prepared lessons, cached for all visitors
live        runs that a section starts, watched until they end
page        a page of sections, one shown at a time

Weight sharing: network, tower, gradient, amount, swap, race.
Auxiliary losses: dial, knowledge, atlas, failure, unnamed.
"""
