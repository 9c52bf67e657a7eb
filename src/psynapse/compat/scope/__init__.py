"""The names that Scope node packages import, for workers in which the real ones are not installed.

This folder's parent is joined to the end of a worker's path, so an installed ``scope`` comes first. Nothing here
imports torch, but for ``scope.core.pipelines.process``.
"""
