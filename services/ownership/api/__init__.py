"""The gRPC methods of ownership, by area: messages in and out of use cases."""
