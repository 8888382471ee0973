using Shouldly;

namespace VClusterManager.EndToEnd.Tests.TestHost;

/// <summary>Everything on the host of every kind that can be listed, but events: those tell of what was.</summary>
internal static class HostInventory
{
    private const string Line = "{range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{\"\\n\"}{end}";

    public static async Task<SortedSet<string>> TakeAsync(Kubectl host)
    {
        var kinds = (await host.RunAsync("api-resources", "--verbs=list", "-o", "name"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(kind => kind is not ("events" or "events.events.k8s.io" or "componentstatuses"))
            .ToArray();
        kinds.Length.ShouldBeGreaterThan(20);
        var all = await host.RunAsync("get", string.Join(',', kinds), "-A", "-o", $"jsonpath={Line}");
        return
        [
            .. all.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(line => line.Contains('/', StringComparison.Ordinal)),
        ];
    }

    /// <summary>The host is again as it was; what is left over or missing is named.</summary>
    public static async Task ShouldBeBackAsync(Kubectl host, SortedSet<string> before)
    {
        var after = await TakeAsync(host);
        after.Except(before).ShouldBeEmpty("left behind on the host");
        before.Except(after).ShouldBeEmpty("taken from the host by mistake");
    }
}
