import type { CallArguments } from '../call.ts'
import type { Client, Result } from '../client.ts'
import * as documents from './graphql.ts'

/** A typed method for each operation. It brings all documents along, whichever are used. */
export function createOperations(client: Client) {
  return {
    addLesson: (...args: CallArguments<documents.AddLessonMutationVariables>): Promise<Result<documents.AddLessonMutation>> =>
      client.mutate(documents.AddLessonDocument, ...args),
    adminDashboard: (...args: CallArguments<documents.AdminDashboardQueryVariables>): Promise<Result<documents.AdminDashboardQuery>> =>
      client.query(documents.AdminDashboardDocument, ...args),
    aiModels: (...args: CallArguments<documents.AiModelsQueryVariables>): Promise<Result<documents.AiModelsQuery>> =>
      client.query(documents.AiModelsDocument, ...args),
    archiveCourse: (...args: CallArguments<documents.ArchiveCourseMutationVariables>): Promise<Result<documents.ArchiveCourseMutation>> =>
      client.mutate(documents.ArchiveCourseDocument, ...args),
    bulkUpdateProgress: (...args: CallArguments<documents.BulkUpdateProgressMutationVariables>): Promise<Result<documents.BulkUpdateProgressMutation>> =>
      client.mutate(documents.BulkUpdateProgressDocument, ...args),
    calendar: (...args: CallArguments<documents.CalendarQueryVariables>): Promise<Result<documents.CalendarQuery>> =>
      client.query(documents.CalendarDocument, ...args),
    cancelEnrollment: (...args: CallArguments<documents.CancelEnrollmentMutationVariables>): Promise<Result<documents.CancelEnrollmentMutation>> =>
      client.mutate(documents.CancelEnrollmentDocument, ...args),
    cancelMeeting: (...args: CallArguments<documents.CancelMeetingMutationVariables>): Promise<Result<documents.CancelMeetingMutation>> =>
      client.mutate(documents.CancelMeetingDocument, ...args),
    changePlan: (...args: CallArguments<documents.ChangePlanMutationVariables>): Promise<Result<documents.ChangePlanMutation>> =>
      client.mutate(documents.ChangePlanDocument, ...args),
    changeRole: (...args: CallArguments<documents.ChangeRoleMutationVariables>): Promise<Result<documents.ChangeRoleMutation>> =>
      client.mutate(documents.ChangeRoleDocument, ...args),
    connectIntegration: (...args: CallArguments<documents.ConnectIntegrationMutationVariables>): Promise<Result<documents.ConnectIntegrationMutation>> =>
      client.mutate(documents.ConnectIntegrationDocument, ...args),
    conversationList: (...args: CallArguments<documents.ConversationListQueryVariables>): Promise<Result<documents.ConversationListQuery>> =>
      client.query(documents.ConversationListDocument, ...args),
    conversation: (...args: CallArguments<documents.ConversationQueryVariables>): Promise<Result<documents.ConversationQuery>> =>
      client.query(documents.ConversationDocument, ...args),
    courseList: (...args: CallArguments<documents.CourseListQueryVariables>): Promise<Result<documents.CourseListQuery>> =>
      client.query(documents.CourseListDocument, ...args),
    coursePage: (...args: CallArguments<documents.CoursePageQueryVariables>): Promise<Result<documents.CoursePageQuery>> =>
      client.query(documents.CoursePageDocument, ...args),
    createCourse: (...args: CallArguments<documents.CreateCourseMutationVariables>): Promise<Result<documents.CreateCourseMutation>> =>
      client.mutate(documents.CreateCourseDocument, ...args),
    createMeeting: (...args: CallArguments<documents.CreateMeetingMutationVariables>): Promise<Result<documents.CreateMeetingMutation>> =>
      client.mutate(documents.CreateMeetingDocument, ...args),
    deleteConversation: (...args: CallArguments<documents.DeleteConversationMutationVariables>): Promise<Result<documents.DeleteConversationMutation>> =>
      client.mutate(documents.DeleteConversationDocument, ...args),
    deleteLesson: (...args: CallArguments<documents.DeleteLessonMutationVariables>): Promise<Result<documents.DeleteLessonMutation>> =>
      client.mutate(documents.DeleteLessonDocument, ...args),
    deleteUser: (...args: CallArguments<documents.DeleteUserMutationVariables>): Promise<Result<documents.DeleteUserMutation>> =>
      client.mutate(documents.DeleteUserDocument, ...args),
    disconnectIntegration: (...args: CallArguments<documents.DisconnectIntegrationMutationVariables>): Promise<Result<documents.DisconnectIntegrationMutation>> =>
      client.mutate(documents.DisconnectIntegrationDocument, ...args),
    enroll: (...args: CallArguments<documents.EnrollMutationVariables>): Promise<Result<documents.EnrollMutation>> =>
      client.mutate(documents.EnrollDocument, ...args),
    grantCredits: (...args: CallArguments<documents.GrantCreditsMutationVariables>): Promise<Result<documents.GrantCreditsMutation>> =>
      client.mutate(documents.GrantCreditsDocument, ...args),
    importStudents: (...args: CallArguments<documents.ImportStudentsMutationVariables>): Promise<Result<documents.ImportStudentsMutation>> =>
      client.mutate(documents.ImportStudentsDocument, ...args),
    leaderboard: (...args: CallArguments<documents.LeaderboardQueryVariables>): Promise<Result<documents.LeaderboardQuery>> =>
      client.query(documents.LeaderboardDocument, ...args),
    lessonPage: (...args: CallArguments<documents.LessonPageQueryVariables>): Promise<Result<documents.LessonPageQuery>> =>
      client.query(documents.LessonPageDocument, ...args),
    meetingList: (...args: CallArguments<documents.MeetingListQueryVariables>): Promise<Result<documents.MeetingListQuery>> =>
      client.query(documents.MeetingListDocument, ...args),
    meetingPage: (...args: CallArguments<documents.MeetingPageQueryVariables>): Promise<Result<documents.MeetingPageQuery>> =>
      client.query(documents.MeetingPageDocument, ...args),
    platformStats: (...args: CallArguments<documents.PlatformStatsQueryVariables>): Promise<Result<documents.PlatformStatsQuery>> =>
      client.query(documents.PlatformStatsDocument, ...args),
    postMessage: (...args: CallArguments<documents.PostMessageMutationVariables>): Promise<Result<documents.PostMessageMutation>> =>
      client.mutate(documents.PostMessageDocument, ...args),
    profileSettings: (...args: CallArguments<documents.ProfileSettingsQueryVariables>): Promise<Result<documents.ProfileSettingsQuery>> =>
      client.query(documents.ProfileSettingsDocument, ...args),
    publishCourse: (...args: CallArguments<documents.PublishCourseMutationVariables>): Promise<Result<documents.PublishCourseMutation>> =>
      client.mutate(documents.PublishCourseDocument, ...args),
    recordPayment: (...args: CallArguments<documents.RecordPaymentMutationVariables>): Promise<Result<documents.RecordPaymentMutation>> =>
      client.mutate(documents.RecordPaymentDocument, ...args),
    refundPayment: (...args: CallArguments<documents.RefundPaymentMutationVariables>): Promise<Result<documents.RefundPaymentMutation>> =>
      client.mutate(documents.RefundPaymentDocument, ...args),
    reorderLessons: (...args: CallArguments<documents.ReorderLessonsMutationVariables>): Promise<Result<documents.ReorderLessonsMutation>> =>
      client.mutate(documents.ReorderLessonsDocument, ...args),
    respondToMeeting: (...args: CallArguments<documents.RespondToMeetingMutationVariables>): Promise<Result<documents.RespondToMeetingMutation>> =>
      client.mutate(documents.RespondToMeetingDocument, ...args),
    startConversation: (...args: CallArguments<documents.StartConversationMutationVariables>): Promise<Result<documents.StartConversationMutation>> =>
      client.mutate(documents.StartConversationDocument, ...args),
    studentDashboard: (...args: CallArguments<documents.StudentDashboardQueryVariables>): Promise<Result<documents.StudentDashboardQuery>> =>
      client.query(documents.StudentDashboardDocument, ...args),
    teacherDashboard: (...args: CallArguments<documents.TeacherDashboardQueryVariables>): Promise<Result<documents.TeacherDashboardQuery>> =>
      client.query(documents.TeacherDashboardDocument, ...args),
    updateBotSettings: (...args: CallArguments<documents.UpdateBotSettingsMutationVariables>): Promise<Result<documents.UpdateBotSettingsMutation>> =>
      client.mutate(documents.UpdateBotSettingsDocument, ...args),
    updateCourse: (...args: CallArguments<documents.UpdateCourseMutationVariables>): Promise<Result<documents.UpdateCourseMutation>> =>
      client.mutate(documents.UpdateCourseDocument, ...args),
    updateLesson: (...args: CallArguments<documents.UpdateLessonMutationVariables>): Promise<Result<documents.UpdateLessonMutation>> =>
      client.mutate(documents.UpdateLessonDocument, ...args),
    updateMeeting: (...args: CallArguments<documents.UpdateMeetingMutationVariables>): Promise<Result<documents.UpdateMeetingMutation>> =>
      client.mutate(documents.UpdateMeetingDocument, ...args),
    updateProfile: (...args: CallArguments<documents.UpdateProfileMutationVariables>): Promise<Result<documents.UpdateProfileMutation>> =>
      client.mutate(documents.UpdateProfileDocument, ...args),
    updateProgress: (...args: CallArguments<documents.UpdateProgressMutationVariables>): Promise<Result<documents.UpdateProgressMutation>> =>
      client.mutate(documents.UpdateProgressDocument, ...args),
    users: (...args: CallArguments<documents.UsersQueryVariables>): Promise<Result<documents.UsersQuery>> =>
      client.query(documents.UsersDocument, ...args),
    viewer: (...args: CallArguments<documents.ViewerQueryVariables>): Promise<Result<documents.ViewerQuery>> =>
      client.query(documents.ViewerDocument, ...args),
  }
}
