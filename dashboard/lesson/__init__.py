"""The guided tour: what its steps say and show, the committed rounds behind them, live runs, presenter's mode."""
