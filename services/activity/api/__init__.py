"""The gRPC methods of activity, by area: messages in and out of use cases."""
