using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks.Rules;

/// <summary>How rules are told of to people.</summary>
internal static class RuleWords
{
    /// <summary>As in the configuration.</summary>
    public static string EventsOf(WebhookRule rule) =>
        $"[{string.Join(", ", rule.Events.Select(one => one.ToString().ToLowerInvariant()))}]";

    /// <summary>What somebody does to make it happen.</summary>
    public static string Of(RuleEvent one) => one == RuleEvent.Updated ? "a new commit" : "closing and reopening it";
}
