using System.Globalization;
using VClusterManager.Contracts;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.Rules;

/// <summary>What a rule asks for on behalf of a pull request. Pure.</summary>
internal static class RequestedCluster
{
    private const string Prefix = "vcluster-manager.io/";

    public static ClusterCreate Of(WebhookRule rule, PullRequestRow pull, string name)
    {
        TemplateText text = new(pull);
        return new ClusterCreate
        {
            Name = name,
            KubernetesVersion = rule.KubernetesVersion,
            TtlHours = rule.TtlHours,
            Labels = LabelsOf(rule, pull, text),
            Values = rule.Values is { } values ? text.Fill(values) : null,
        };
    }

    /// <summary>The rule's own, and those by which clusters of pull requests are found.</summary>
    private static Dictionary<string, string> LabelsOf(WebhookRule rule, PullRequestRow pull, TemplateText text)
    {
        var labels = rule.ClusterLabels.ToDictionary(label => label.Key, label => text.FillLabel(label.Value));
        labels[Prefix + "provider"] = pull.Provider;
        labels[Prefix + "repository"] = TemplateText.LabelValue(pull.Repository.Replace('/', '.'));
        labels[Prefix + "pull-request"] = pull.Number.ToString(CultureInfo.InvariantCulture);
        labels[Prefix + "branch"] = TemplateText.LabelValue(pull.HeadBranch);
        labels[Prefix + "commit"] = TemplateText.LabelValue(pull.HeadSha);
        labels[Prefix + "author"] = TemplateText.LabelValue(pull.Author ?? "");
        labels[Prefix + "rule"] = rule.Name;
        return labels;
    }
}
