using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Webhooks.Rules;

/// <summary>What the rules say to a pull request.</summary>
internal abstract record RuleDecision
{
    private RuleDecision() { }

    /// <summary>It gets a cluster.</summary>
    public sealed record Yes(WebhookRule Rule) : RuleDecision;

    /// <param name="Why">Begins small, and names the rule.</param>
    public sealed record No(string Why) : RuleDecision;
}
