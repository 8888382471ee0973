using System.Text;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.DynamicEndpoints.Reading;
using VClusterManager.Server.DynamicEndpoints.Running;

namespace VClusterManager.Server.DynamicEndpoints.Serving;

/// <summary>The file of endpoints is wrong, and the server must not start with it.</summary>
/// <param name="errors">All of them, each with file and line.</param>
internal sealed class EndpointsRefusedException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>Keeps the endpoints as their file says.</summary>
/// <remarks>
/// Before the server starts, a file that is wrong stops it. Later it is looked at again and again, and what counts is its
/// text: so it does not matter whether it was written, replaced, or is the end of a chain of links that Kubernetes has
/// turned to another folder. A new text is used when two looks in a row have seen it, since a file that is being written is
/// half a file. One that is wrong, or a file that has gone, changes nothing, and is told in the log and to readiness.
/// </remarks>
internal sealed partial class EndpointsWatch(
    EndpointSource source,
    DynamicEndpointsOptions options,
    TimeProvider time,
    ILogger<EndpointsWatch> logger
) : BackgroundService, IHostedLifecycleService
{
    /// <summary>Errors of one text that are logged; <c>:validate</c> and <c>check-config</c> say all.</summary>
    internal const int MostLogged = 20;

    internal static readonly TimeSpan Between = TimeSpan.FromMilliseconds(400);

    private string? _used;
    private string? _seen;
    private string? _refused;

    /// <summary>Why the endpoints are not those of the file; <see langword="null"/>: they are.</summary>
    public string? Problem { get; private set; }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled || options.File is null)
        {
            return Task.CompletedTask;
        }

        var (text, problem) = Look();
        if (problem is not null && options.IsNamed)
        {
            throw new EndpointsRefusedException([problem]);
        }

        _seen = text;
        if (text is not null && Use(text) is { } errors)
        {
            throw new EndpointsRefusedException(errors);
        }

        return Task.CompletedTask;
    }

    /// <summary>What is wrong with the file as a configuration names it, for the check before a start.</summary>
    public static IReadOnlyList<string> Check(DynamicEndpointsOptions options)
    {
        if (!options.Enabled || options.File is not { } file)
        {
            return [];
        }

        var (text, problem) = Read(file);
        return problem is not null
            ? options.IsNamed
                ? [problem]
                : []
            : EndpointsFile.Read(text!, CommandRunner.CommandsOf(options)) is EndpointsResult.Invalid invalid
                ? [.. invalid.Errors.Select(e => e.In(file))]
                : [];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled || options.File is null)
        {
            return;
        }

        using PeriodicTimer timer = new(Between, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(stoppingToken))
                {
                    return;
                }

                LookAgain();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.Failed(logger, e);
            }
        }
    }

    /// <summary>One look. What it sees for the first time is left for the next one.</summary>
    internal void LookAgain()
    {
        var (text, problem) = Look();
        if (problem is not null)
        {
            // Where there never was a file, none is missed; one that is being replaced is there again at the next look.
            if (_used is not null && _seen is null)
            {
                Say(problem, [problem]);
            }

            _seen = null;
            return;
        }

        if (text != _seen)
        {
            _seen = text;
        }
        else if (text == _used)
        {
            Problem = null;
            _refused = null;
        }
        else if (text != _refused && Use(text!) is { } errors)
        {
            Say(text!, errors);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>What is wrong with it; <see langword="null"/>: it is served from now on.</returns>
    private IReadOnlyList<string>? Use(string text)
    {
        switch (EndpointsFile.Read(text, CommandRunner.CommandsOf(options)))
        {
            case EndpointsResult.Valid { Endpoints: var endpoints }:
                source.Serve(endpoints);
                (_used, _refused, Problem) = (text, null, null);
                Log.Served(logger, endpoints.Count, options.File!);
                return null;
            case EndpointsResult.Invalid invalid:
                return [.. invalid.Errors.Select(e => e.In(options.File!))];
            default:
                throw new InvalidOperationException("There is no third result.");
        }
    }

    private void Say(string about, IReadOnlyList<string> errors)
    {
        if (_refused == about)
        {
            return;
        }

        _refused = about;
        var more = errors.Count > 1 ? $" ({errors.Count - 1} more)" : "";
        Problem = $"The endpoints are those of before, for their file is wrong: {errors[0]}{more}.";
        foreach (var error in errors.Take(MostLogged))
        {
            Log.Wrong(logger, error);
        }
    }

    private (string? Text, string? Problem) Look() => Read(options.File!);

    private static (string? Text, string? Problem) Read(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                return (null, $"{file}: there is no such file");
            }

            using StreamReader reader = new(file);
            StringBuilder text = new();
            Span<char> piece = stackalloc char[4096];
            int length;
            // What is larger than it may be is not read to its end, which may never come.
            while (text.Length <= EndpointsFile.MostCharacters && (length = reader.Read(piece)) > 0)
            {
                text.Append(piece[..length]);
            }

            return (text.ToString(), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{file} cannot be read: {e.Message}");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} endpoints of {File} are served")]
        public static partial void Served(ILogger logger, int count, string file);

        [LoggerMessage(LogLevel.Error, "{Error}. The endpoints stay as they were")]
        public static partial void Wrong(ILogger logger, string error);

        [LoggerMessage(LogLevel.Error, "The file of endpoints could not be looked at")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
