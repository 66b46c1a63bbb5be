"""The components alone, each with samples: ``streamlit run dashboard/gallery.py``."""

from __future__ import annotations

import streamlit as st

from dashboard.routes import routes

app = st.App("components/samples.py", routes=routes())
