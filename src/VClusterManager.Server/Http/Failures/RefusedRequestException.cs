namespace VClusterManager.Server.Http.Failures;

/// <summary>
/// A parameter could not be read. Only for <c>BindAsync</c>, which has no other way to say why: everything behind the
/// edge returns its problems.
/// </summary>
internal sealed class RefusedRequestException(Problem problem)
    : BadHttpRequestException(problem.Detail, ProblemTable.StatusOf(problem.Kind))
{
    public Problem Problem { get; } = problem;
}
