"""HTTP/JSON to gRPC and back, driven by nothing but descriptors and their `google.api.http`."""
