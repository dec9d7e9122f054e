"""What the command line's commands do, one file each; imported when the command is run."""
