using System.Security.Cryptography;
using System.Text;
using VClusterManager.Server.Clusters;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.Rules;

/// <summary>
/// The name of a pull request's cluster. Pure. A rule's template says how it begins; ten letters behind it are made of
/// provider, repository and number, so that no two pull requests have the same name, whatever the template, and nobody can
/// choose the name of another cluster.
/// </summary>
internal static class ClusterNaming
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int HashLetters = 10;

    /// <summary>What <see cref="NamespaceRules"/> puts in front of a name, where no namespace is asked for.</summary>
    private const string NamespaceStart = "vcluster-";

    public static string Of(WebhookRule rule, PullRequestRow pull, string namespacePrefix)
    {
        var most = Math.Min(
            ClusterName.MaxLength,
            NamespaceRules.MaxLength - NamespaceStart.Length - namespacePrefix.Length
        );
        var words = Words(new TemplateText(pull).Fill(rule.ClusterName));
        var start = words.Length > 0 && char.IsAsciiLetterLower(words[0]) ? words : $"pr-{words}";
        var room = most - HashLetters - 1;
        return $"{(start.Length > room ? start[..room] : start).TrimEnd('-')}-{HashOf(pull.Key)}";
    }

    /// <summary>Small letters, digits and single '-'.</summary>
    private static string Words(string text)
    {
        StringBuilder words = new();
        foreach (var c in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            {
                words.Append(c);
            }
            else if (words.Length > 0 && words[^1] != '-')
            {
                words.Append('-');
            }
        }

        return words.ToString().TrimEnd('-');
    }

    private static string HashOf(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return string.Concat(hash.Take(HashLetters).Select(part => Alphabet[part % Alphabet.Length]));
    }
}
