"""The verbs of the product, each in a module of its name, which reads as the recipe of the verb."""
