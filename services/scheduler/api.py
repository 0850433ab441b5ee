"""The gRPC methods of scheduler: messages in and out of use cases."""
