namespace VClusterManager.Server.Http;

/// <summary>A value, or the problem that stands in its way.</summary>
internal readonly struct Outcome<T>
    where T : notnull
{
    private readonly T? _value;

    private Outcome(T? value, Problem? problem)
    {
        _value = value;
        Problem = problem;
    }

    /// <summary><see langword="null"/> when all went well.</summary>
    public Problem? Problem { get; }

    /// <summary>The value; only where <see cref="Problem"/> is null.</summary>
    public T Value =>
        Problem is null ? _value! : throw new InvalidOperationException($"There is no value: {Problem.Detail}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}
