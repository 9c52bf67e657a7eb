"""Artifacts; an earlier home of the names."""

from scope.core.pipelines.artifacts import Artifact, GoogleDriveArtifact, HuggingfaceRepoArtifact

__all__ = ["Artifact", "GoogleDriveArtifact", "HuggingfaceRepoArtifact"]
