"""What a pipeline wants to have been downloaded into the folder of models."""

from pydantic import BaseModel


class Artifact(BaseModel):
    """Something to be downloaded."""


class HuggingfaceRepoArtifact(Artifact):
    """Files or folders of a repository on Hugging Face."""

    repo_id: str
    files: list[str]


class GoogleDriveArtifact(Artifact):
    """A file on Google Drive, or of a ZIP archive there those named; ``name`` is the folder they go to."""

    file_id: str
    files: list[str] | None = None
    name: str | None = None
