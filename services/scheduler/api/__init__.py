"""The gRPC methods of the scheduler: messages in and out of use cases."""
