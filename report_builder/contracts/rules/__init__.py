"""The rules of a contract, each as an expression and the sentence that explains it."""
