"""The Results page: the report's tables and figures beside ours.

page               the report's tables and figures beside ours
grid_search        the grid search: a heatmap of each variant, and what was chosen
peeking_simulator  fool yourself: look often at the test pairs, and see the claim leave the truth
report_figures     the report's Figures 1, 2 and 3 from the committed rounds, under either protocol
rerun              “Run it again”: rows of an experiment on the workers
table_sections     the sections of the Results page that are made of tables
table_view         a table of results on a page: sortable, explained column by column, and to take along
"""
