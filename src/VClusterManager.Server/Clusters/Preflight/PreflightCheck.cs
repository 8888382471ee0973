using System.Text.Json.Nodes;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;

namespace VClusterManager.Server.Clusters.Preflight;

/// <summary>
/// Asks the host whether the manager may do what it is for, and whether volumes can be made, before somebody needs it: at
/// start, and again every few minutes; sooner while something is wrong, so that it is known soon when it was mended. What
/// cannot be asked is not missing: it is as it was last.
/// </summary>
internal sealed partial class PreflightCheck(
    HostRights rights,
    HostReads reads,
    ManagerOptions options,
    TimeProvider time,
    ILogger<PreflightCheck> logger
) : BackgroundService
{
    internal static readonly TimeSpan Rarely = TimeSpan.FromMinutes(5);
    internal static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static readonly string[] ClaimPath = ["controlPlane", "statefulSet", "persistence", "volumeClaim"];

    private volatile IReadOnlyList<string> _missing = [];
    private volatile string? _noVolumes;

    /// <summary><see langword="null"/>: all that is needed is there, or nobody knows.</summary>
    public string? MissingRights => PreflightReport.Text(_missing);

    /// <summary><see langword="null"/>: there is a default StorageClass, or none is needed, or nobody knows.</summary>
    public string? NoVolumes => _noVolumes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var isWell = false;
            try
            {
                isWell = await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
            await Task.Delay(isWell ? Rarely : Soon, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether all could be asked, and nothing is wrong.</summary>
    internal async Task<bool> LookAsync(CancellationToken cancellation)
    {
        var known = await LookAtRightsAsync(cancellation);
        known &= await LookAtVolumesAsync(cancellation);
        return known && _missing.Count == 0 && _noVolumes is null;
    }

    private async Task<bool> LookAtRightsAsync(CancellationToken cancellation)
    {
        var needed = NeededRights.All(options.Kubernetes);
        var answer = await rights.MissingAsync([.. needed.Select(one => one.Right)], cancellation);
        if (answer is not HostAnswer<IReadOnlyList<HostRight>>.Found { Value: var missing })
        {
            return false;
        }
        var before = _missing;
        var now = PreflightReport.Sentences(needed.Where(one => missing.Contains(one.Right)));
        _missing = now;
        foreach (var sentence in now.Except(before))
        {
            Log.Missing(logger, sentence);
        }
        if (now.Count == 0 && before.Count > 0)
        {
            Log.Complete(logger);
        }
        return true;
    }

    private async Task<bool> LookAtVolumesAsync(CancellationToken cancellation)
    {
        if (IsSettled(options.VCluster.Values))
        {
            return true;
        }
        // Without the right to ask, that is what is told.
        if (await reads.DefaultStorageClassAsync(cancellation) is not HostAnswer<bool>.Found { Value: var isThere })
        {
            return false;
        }
        if (!isThere && _noVolumes is null)
        {
            Log.Missing(logger, PreflightReport.NoStorageClass);
        }
        _noVolumes = isThere ? null : PreflightReport.NoStorageClass;
        return true;
    }

    /// <summary>The values of all clusters name a StorageClass, or go without a volume: what the default is does not matter.</summary>
    internal static bool IsSettled(JsonObject values)
    {
        JsonNode? claim = values;
        foreach (var name in ClaimPath)
        {
            claim = (claim as JsonObject)?[name];
        }
        return claim is JsonObject found
            && (
                found["storageClass"] is JsonValue kind && kind.ToString().Length > 0
                || found["enabled"] is JsonValue enabled && enabled.ToString() == "false"
            );
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void Missing(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "The service account has all the rights that it needs")]
        public static partial void Complete(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "The rights on the host could not be looked at; tries again")]
        public static partial void Failed(ILogger logger, Exception cause);
    }
}
