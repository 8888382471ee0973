using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Http.Requests;

/// <summary>Between parameters that are read purely and the framework's <c>BindAsync</c>.</summary>
internal static class Bound
{
    public static ValueTask<T> OrRefused<T>(Outcome<T> read)
        where T : notnull =>
        read.Problem is { } problem ? throw new RefusedRequestException(problem) : ValueTask.FromResult(read.Value);
}
