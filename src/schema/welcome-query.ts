/** What GraphiQL holds when it is opened for the first time. */
export const welcomeQuery = `# Welcome. Run this as it is, then choose another viewer at the lower right:
# the answer changes with who is asking.
query Welcome {
  viewer {
    name
    role
  }
  courses(first: 3, orderBy: MOST_ENROLLED) {
    nodes {
      title
      teacher {
        name
      }
      lessons(first: 2) {
        nodes {
          title
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`
