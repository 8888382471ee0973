using VClusterManager.Server.Configuration;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.Rules;

/// <summary>
/// Which rule decides about a pull request, and how. Pure. The first rule that is about it decides, whatever it decides: a
/// fork that one rule refuses is not tried with the next one.
/// </summary>
internal static class PullRequestRules
{
    /// <param name="door">The provider's name in rules.</param>
    public static RuleDecision Decide(IReadOnlyList<WebhookRule> rules, PullRequestRow pull, string door)
    {
        var others = new List<string>();
        foreach (var rule in rules)
        {
            if (WhyNotAbout(rule, pull, door) is { } why)
            {
                others.Add($"rule {rule.Name} is about {why}");
            }
            else
            {
                return WhyRefused(rule, pull) is { } refused
                    ? new RuleDecision.No(refused)
                    : new RuleDecision.Yes(rule);
            }
        }

        return new RuleDecision.No(
            others.Count == 0 ? "there are no rules" : $"no rule is about it: {string.Join("; ", others)}"
        );
    }

    /// <summary>What else the rule is about; <see langword="null"/>: this.</summary>
    private static string? WhyNotAbout(WebhookRule rule, PullRequestRow pull, string door) =>
        rule.Providers.Count > 0 && !rule.Providers.Contains(door) ? $"{Join(rule.Providers)}, and not {door}"
        : !MatchesFolded(rule.Repositories, pull.Repository) ? $"repositories {Join(rule.Repositories)}"
        : !Matches(rule.Branches, pull.BaseBranch) ? $"target branches {Join(rule.Branches)}, and not {pull.BaseBranch}"
        : !MatchesFolded(rule.Authors, pull.Author ?? "")
            ? $"authors {Join(rule.Authors)}, and not {pull.Author ?? "one who is not known"}"
        : rule.Associations.Count > 0 && !rule.Associations.Contains(pull.Association ?? "")
            ? $"authors who are {Join(rule.Associations)}, and not {pull.Association ?? "unknown"}"
        : rule.Labels.FirstOrDefault(label => !pull.Labels.Contains(label)) is { } label ? $"the label {label}"
        : null;

    private static string? WhyRefused(WebhookRule rule, PullRequestRow pull)
    {
        if (pull.IsDraft && !rule.Drafts)
        {
            return $"draft pull request and rule {rule.Name} has drafts: false";
        }

        if (!rule.Events.Contains(RuleEvent.Opened) && pull.UpdatedWish <= pull.OpenedWish)
        {
            return $"there is no new commit since it was opened, and rule {rule.Name} has events: {RuleWords.EventsOf(rule)}";
        }

        if (!pull.IsFork)
        {
            return null;
        }

        return rule.ForkLabel is not { } label ? $"pull request of a fork and rule {rule.Name} has forks: deny"
            : pull.MemberLabels.Contains(label) ? null
            : $"pull request of a fork and rule {rule.Name} wants a member to set the label {label} at its newest commit, {Short(pull.HeadSha)}"
                + (pull.Labels.Contains(label) ? ": take it away and set it again" : "");
    }

    private static bool Matches(IReadOnlyList<string> patterns, string text) =>
        patterns.Any(pattern => Glob.Matches(pattern, text));

    /// <summary>Providers do not tell capitals from small letters in names.</summary>
    private static bool MatchesFolded(IReadOnlyList<string> patterns, string text) =>
        patterns.Any(pattern => Glob.Matches(pattern.ToLowerInvariant(), text.ToLowerInvariant()));

    private static string Join(IReadOnlyList<string> words) => string.Join(" or ", words);

    private static string Short(string sha) => sha.Length > 12 ? sha[..12] : sha;
}
