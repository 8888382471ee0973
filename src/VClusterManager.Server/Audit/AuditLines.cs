using Microsoft.AspNetCore.WebUtilities;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Audit;

/// <summary>The audit as lines of the log, in a category of its own.</summary>
internal sealed partial class AuditLines(ILoggerFactory loggers)
{
    public const string Category = "VClusterManager.Server.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public void Tell(AuditRow row) =>
        Log.Asked(
            _logger,
            row.Principal ?? "nobody",
            row.Source ?? "no credential",
            row.Address ?? "several addresses",
            row.Action,
            row.Namespace is null ? row.Target ?? "-" : $"{row.Namespace}/{row.Target}",
            row.Result,
            row.Status,
            row.Status is { } status ? ReasonPhrases.GetReasonPhrase(status) : "",
            row.RequestId
        );

    public void Away(int count, string reason) => Log.Away(_logger, count, reason);

    public void Lost(int count, Exception cause) => Log.Lost(_logger, cause, count);

    public void NoPlace(AuditRow row) => Log.NoPlace(_logger, row.Action, row.RequestId);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "{Principal} ({Source}) from {Address}: {Action} {Target}: {Result}, {Status} {Title} [{RequestId}]"
        )]
        public static partial void Asked(
            ILogger logger,
            string principal,
            string source,
            string address,
            string action,
            string target,
            AuditResult result,
            int? status,
            string title,
            string requestId
        );

        [LoggerMessage(LogLevel.Warning, "{Count} entries of the audit wait for the database: {Reason}")]
        public static partial void Away(ILogger logger, int count, string reason);

        [LoggerMessage(
            LogLevel.Error,
            "{Count} entries of the audit could not be stored; the lines of this log have what they say"
        )]
        public static partial void Lost(ILogger logger, Exception cause, int count);

        [LoggerMessage(
            LogLevel.Error,
            "The entry {Action} [{RequestId}] found no place in the queue and is not stored; its line in this log says it all"
        )]
        public static partial void NoPlace(ILogger logger, string action, string requestId);
    }
}
