using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Http.Failures;

/// <summary>What an exception means to the caller; <see langword="null"/>: nothing that a caller should know.</summary>
internal delegate Problem? ExceptionProblem(Exception exception);

internal static class ExceptionProblems
{
    /// <summary>The database is away: worth another try soon.</summary>
    public static Problem? Database(Exception exception) =>
        DatabaseErrors.Classify(exception) == DatabaseError.Unavailable
            ? new Problem(ProblemKind.Unavailable, "The database cannot be reached or cannot do its work now.")
            : null;
}
