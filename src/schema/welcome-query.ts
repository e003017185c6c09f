/** What GraphiQL holds when it is opened for the first time: a tab for each comment and what follows. */
export const welcomeQuery = `# Welcome. Run this as it is, then choose another viewer at the lower right:
# the answer changes with who is asking. Beside the choice stands what the answer cost.
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

# What a student sees first: choose student@loadline.dev.
query MyCourses {
  viewer {
    studentDashboard {
      completedCount
      averageProgress
      activeEnrollments(first: 5) {
        nodes {
          progress
          course {
            title
            teacher {
              name
            }
          }
        }
        totalCount
      }
    }
  }
}

# A teacher's courses with their figures: choose teacher@loadline.dev. However many courses and
# students there are, the number of statements stays.
query MyStudents {
  viewer {
    courses(first: 10) {
      nodes {
        title
        stats {
          enrollmentCount
          averageProgress
        }
        enrollments(first: 5) {
          nodes {
            progress
            student {
              name
              email
            }
          }
        }
      }
    }
  }
}

# A change: run it twice, and it is one change, because of its key. Then ask "Welcome" again.
mutation SayHello {
  updateProfile(input: { headline: "Says hello", idempotencyKey: "hello" }) {
    user {
      name
    }
    profile {
      headline
    }
  }
}
`
