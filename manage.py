#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

from network.configuration import of_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    os.environ.update(of_command_line(sys.argv[1:]))  # the settings are read once, below
    execute_from_command_line(sys.argv)
