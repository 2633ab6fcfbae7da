"""The schema as frozen values: free of any source language, target language and engine."""
