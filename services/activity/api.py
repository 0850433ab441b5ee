"""The gRPC methods of activity: messages in and out of use cases."""
