"""Everything that knows Textual: the screens, the widgets they are made of, and their colours."""
