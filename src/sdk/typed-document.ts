/** A document as the syntax tree that `graphql` makes. */
export interface Document {
  readonly definitions: readonly object[]
}

/**
 * A document that knows the type of its variables and of its answer: what codegen writes, and any
 * other `TypedDocumentNode`, told by its shape so that this package needs no other.
 */
export interface TypedDocument<Data, Variables> extends Document {
  /** Only a type: nothing is there. */
  readonly __apiType?: (variables: Variables) => Data
}
