"""Files in, files out. In the order in which data flows:

`walk` finds the files, `source` opens one and cuts it into pieces, `pool` repairs pieces in several processes, `outlet`
writes them, `atomic` moves what was written into place, `sidecar` keeps what `undo` needs, `journal` what is done;
`run` puts them together. The kinds of files are in `mojibake_fix.formats`.
"""
