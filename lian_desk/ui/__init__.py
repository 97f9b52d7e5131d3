"""What is seen: widgets, presenters and Qt item models. Never SQL, never drawing a PDF."""
