"""The page on auxiliary losses, one section in each file.

page            what naming the digits teaches a model that only has to compare them
charts          what a network makes of the ten digits: a flat map of their encodings
encoding_map    a map of the encodings over the epochs, with and without the auxiliary losses
few_labels      how many labels do you need: how many, how many wrong, until when, on which side
inside_towers   what labels do inside a tower: digits that its encodings know, the angle of the gradients
readout         what the class loss alone learns about digits: a linear read-out of the encodings
unnamed_digits  digits nobody named: v7, trained on comparisons alone, finds the digits by itself
v5_failure      why v5 without the auxiliary losses fails: its rounds one by one
with_repairs    v5 and v7 with and without digits' names, as they are and mended, in one plot
weight_sweep    the auxiliary weight as a dial: accuracy of class and digits against it
"""
