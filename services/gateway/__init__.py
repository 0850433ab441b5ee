"""HTTP in front of the services: one generic transcoder, sign-in, problem documents, API docs."""
