"""Browser parts, each with its script and style sheet, and pictures in HTML.

landscape      a square of pairs under every model, and a point in it that is dragged
last_layer     a last layer to set by hand, and at once what it makes of clear signals and of real pairs
launch_lines   lines about launches, with their progress, that say by themselves how far they are
live_chart     a plotly figure that redraws in place, and whose curves grow while a launch trains
live_html      HTML made in Python that changes in place
pictures       digits as pictures in HTML, alone, side by side and many together
pixels         what a canvas sends of itself
plotly_script  Plotly's script, compressed once and kept by browsers
samples        the page of the gallery, a sample of each
sent           what the browser parts send back
sketchpad      a canvas to draw a digit on with mouse, pen or finger
slow_motion    one training step of a drawn tower, played phase by phase; its scenes: tower_scene, picture_scene
"""
