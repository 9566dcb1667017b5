"""What every black-box test stands on: the real programs, a private PostgreSQL, real mail servers."""
