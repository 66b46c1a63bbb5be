"""The Sketch page: draw two digits and see every model's verdict.

page          title and first sentence; the door to the rest
stage         canvases, buttons and boards, run again at every stroke
toolbar       the buttons below the canvases
canvases      what stands on the two canvases
drawings      a drawing with what a network sees of it: by hand, from a file, of MNIST, from a link
seen          what a network sees of a canvas
examples      pairs of digits to start from: one drawn by hand
visitor       what the page remembers of one visitor
answering     the models that answer
batched       what many visitors ask at once, answered in one go
route         the boards while the pen still moves
board_html    what stands on the page's boards, as HTML
verdict_html  the verdict, what the network sees, and a card for each model
probe_place   why a model says so: the pair's place on the 10x10 probe
"""
