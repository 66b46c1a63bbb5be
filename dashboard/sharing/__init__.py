"""The page on weight sharing, one section in each file.

page               what it means that both digits go through the same tower
charts             what was measured on several batches after every epoch of a run
diagram            a model drawn from its anatomy
feature_maps       one tower, two digits: the same filters give feature maps left and right
gradient_parts     which gradient? What flows into the tower from each branch and from each loss
layers             a model's layers with their real shapes, weights and activations
meeting_gradients  one training step: two gradients come back, meet in a weight, and move it
network            where is the second network? The model drawn from itself, its towers tied or untied
race               the 2x2 race: {shared, separate} x {auxiliary losses, none}, trained at once; guess first
swap_test          swap test: how often a model contradicts itself when the two digits change places
tiles              many small images as one: a layer's weights, or what it makes of a digit
training_pairs     twice the data: accuracy against the number of training pairs
"""
