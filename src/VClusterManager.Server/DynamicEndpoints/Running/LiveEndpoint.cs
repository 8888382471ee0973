using System.Text;
using System.Text.Json;
using VClusterManager.Server.DynamicEndpoints.Definitions;
using VClusterManager.Server.Http;
using VClusterManager.Server.Processes;

namespace VClusterManager.Server.DynamicEndpoints.Running;

/// <summary>
/// An endpoint as it is served: what it has answered, what runs, how much of its rate is left. It lives on when its file
/// is read again and says the same of it.
/// </summary>
internal sealed class LiveEndpoint
{
    private readonly CommandRunner _runner;
    private readonly RunSlots _all;
    private readonly RunSlots _own;
    private readonly RunRate? _rate;
    private readonly AnswerCache? _cache;
    private readonly TimeProvider _time;

    /// <param name="all">For the runs of all endpoints together.</param>
    public LiveEndpoint(EndpointDefinition definition, CommandRunner runner, RunSlots all, TimeProvider time)
    {
        (Definition, _runner, _all, _time) = (definition, runner, all, time);
        _own = new RunSlots(definition.Concurrency, time);
        _rate = definition.Rate is { } rate ? new RunRate(rate, time) : null;
        _cache = definition.Cache is { } keep ? new AnswerCache(keep, time) : null;
    }

    public EndpointDefinition Definition { get; }

    /// <summary>Whole seconds since the command has ended.</summary>
    public long AgeOf(CommandAnswer answer) => (long)_time.GetElapsedTime(answer.Made).TotalSeconds;

    /// <summary>The whole of what the command says, or why there is none.</summary>
    /// <param name="cluster"><see langword="null"/>: the host.</param>
    public ValueTask<Outcome<CommandAnswer>> AnswerAsync(
        CommandLine line,
        TargetCluster? cluster,
        CancellationToken cancellation
    )
    {
        if (_cache is null)
        {
            return new(CollectAsync(line, cluster, cancellation));
        }

        var key = KeyOf(line, cluster?.Id);
        return _cache.Find(key) is { } kept
            ? new(kept)
            : new(_cache.GetAsync(key, ending => CollectAsync(line, cluster, ending), cancellation));
    }

    /// <summary>Runs the command and hands out what it says as it says it.</summary>
    public Task<Problem?> StreamAsync(
        CommandLine line,
        TargetCluster? cluster,
        Func<ReadOnlyMemory<byte>, ValueTask> take,
        CancellationToken cancellation
    ) =>
        InTurnAsync<Problem?>(
            async () =>
                CommandOutcome.Failure(
                    Definition,
                    await _runner.RunAsync(Definition, line, cluster, take, cancellation)
                ),
            problem => problem,
            cancellation
        );

    private Task<Outcome<CommandAnswer>> CollectAsync(
        CommandLine line,
        TargetCluster? cluster,
        CancellationToken cancellation
    ) =>
        InTurnAsync<Outcome<CommandAnswer>>(
            async () =>
            {
                using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                CollectedOutput output = new(Definition.MaxOutput ?? long.MaxValue, run);
                var result = await _runner.RunAsync(Definition, line, cluster, output.TakeAsync, run.Token);
                cancellation.ThrowIfCancellationRequested();
                return output.IsTooMuch ? CommandOutcome.TooMuch(Definition)
                    : CommandOutcome.Failure(Definition, result) is { } problem ? problem
                    : Answer(output.Bytes, result.Error);
            },
            problem => problem,
            cancellation
        );

    private async Task<T> InTurnAsync<T>(Func<Task<T>> run, Func<Problem, T> refuse, CancellationToken cancellation)
    {
        if (_rate?.Take() is { } wait)
        {
            return refuse(TooMany("is asked for more often than its rate allows", wait));
        }

        using var own = await _own.EnterAsync(Definition.Timeout, cancellation);
        if (own is null)
        {
            return refuse(TooMany("has as many runs going on as it may have", TimeSpan.FromSeconds(1)));
        }

        using var shared = await _all.EnterAsync(Definition.Timeout, cancellation);
        return shared is null ? refuse(TooMany("has to wait for others", TimeSpan.FromSeconds(1))) : await run();
    }

    private Outcome<CommandAnswer> Answer(ReadOnlyMemory<byte> output, string error)
    {
        if (Definition.Output == EndpointOutput.Json)
        {
            return IsJson(output.Span)
                ? Made(output.ToArray(), "application/json")
                : CommandOutcome.NotJson(
                    Definition,
                    Encoding.UTF8.GetString(output.Span[..Math.Min(output.Length, 2048)]),
                    error
                );
        }

        // vcluster prints colours even into a pipe.
        var body =
            output.Span.IndexOf((byte)'\e') < 0
                ? output.ToArray()
                : Encoding.UTF8.GetBytes(ToolText.WithoutColours(Encoding.UTF8.GetString(output.Span)));
        return Made(body, "text/plain; charset=utf-8");
    }

    private CommandAnswer Made(byte[] body, string type) => new(body, type) { Made = _time.GetTimestamp() };

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = new(text, new JsonReaderOptions { MaxDepth = 512 });
        try
        {
            while (reader.Read())
            {
                // Only whether it can be read to its end.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private Problem TooMany(string why, TimeSpan wait) =>
        new(ProblemKind.TooManyRequests, $"{Definition.Name} {why}.") { RetryAfter = wait };

    /// <summary>All that the answer depends on. No argument holds the character that parts them; input comes last.</summary>
    private static string KeyOf(CommandLine line, string? cluster) =>
        $"{line.Arguments.Count}\0{cluster}\0{string.Join('\0', line.Arguments)}\0{line.Input}";
}
