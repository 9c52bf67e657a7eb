"""What things are: frozen data without IO."""
