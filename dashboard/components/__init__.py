"""Browser parts, each with its script and style sheet.

gallery     a page that shows the components alone, for test_components.py
live_chart  a plotly figure that redraws in place
live_html   HTML made in Python that changes in place
sketchpad   a canvas to draw a digit on with mouse, pen or finger
"""
