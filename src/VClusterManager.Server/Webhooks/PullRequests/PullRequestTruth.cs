using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.PullRequests;

/// <summary>What came of facts.</summary>
internal enum Learnt
{
    /// <summary>They are older than what is known.</summary>
    Late,

    /// <summary>They are no older, and all of it was known.</summary>
    Nothing,

    Something,
}

/// <summary>
/// What is true of a pull request, whatever the order in which its deliveries come. Pure.
/// <list type="bullet">
/// <item>Newer facts beat older ones, by the provider's own time.</item>
/// <item>At equal times closed beats open; else what comes later counts.</item>
/// <item>A label that a member set belongs to the commit that was the newest then: another commit takes it away. Where two
/// commits claim the same time it is not known which of them was meant, and so neither was.</item>
/// </list>
/// </summary>
internal static class PullRequestTruth
{
    public static Learnt Learn(PullRequestRow row, PullRequestFacts facts, bool isNew)
    {
        if (!isNew && IsLate(row, facts))
        {
            return LearnLabels(row, facts);
        }

        var before = Summary(row);
        var isPushed = !isNew && facts.HeadSha != row.HeadSha;
        var isAmbiguous = isPushed && facts.At == row.FactsAt;
        Wish(row, facts, isNew, isPushed);

        row.MemberLabels =
        [
            .. row
                .MemberLabels.Where(_ => !isPushed)
                .Concat(isAmbiguous ? [] : facts.MemberLabels)
                .Distinct()
                .Where(facts.Labels.Contains),
        ];
        Take(row, facts);
        return isNew || before != Summary(row) ? Learnt.Something : Learnt.Nothing;
    }

    private static void Wish(PullRequestRow row, PullRequestFacts facts, bool isNew, bool isPushed)
    {
        var wish = row.Wish + 1;
        if (facts.IsOpen && (isNew || !row.IsOpen))
        {
            (row.OpenedWish, row.Ended) = (wish, false);
        }
        else if (facts.IsOpen && isPushed)
        {
            (row.UpdatedWish, row.Ended) = (wish, false);
        }
    }

    private static bool IsLate(PullRequestRow row, PullRequestFacts facts) =>
        facts.At < row.FactsAt || (facts.At == row.FactsAt && facts.IsOpen && !row.IsOpen);

    /// <summary>Late, but it tells who has set a label that is still there, at the commit that is still the newest.</summary>
    private static Learnt LearnLabels(PullRequestRow row, PullRequestFacts facts)
    {
        string[] late =
        [
            .. facts.MemberLabels.Where(label => row.Labels.Contains(label) && !row.MemberLabels.Contains(label)),
        ];
        if (late.Length == 0 || facts.HeadSha != row.HeadSha || facts.At == row.FactsAt)
        {
            return Learnt.Late;
        }

        row.MemberLabels = [.. row.MemberLabels, .. late];
        return Learnt.Something;
    }

    private static void Take(PullRequestRow row, PullRequestFacts facts)
    {
        row.Repository = facts.Id.Repository;
        row.IsOpen = facts.IsOpen;
        row.FactsAt = facts.At;
        row.HeadSha = facts.HeadSha;
        row.HeadBranch = facts.HeadBranch;
        row.BaseBranch = facts.BaseBranch;
        row.IsFork = facts.IsFork;
        row.IsDraft = facts.IsDraft;
        row.Author = facts.Author ?? row.Author;
        row.Association = facts.Association ?? row.Association;
        row.Labels = [.. facts.Labels];
        row.Url = facts.Url ?? row.Url;
    }

    private static string Summary(PullRequestRow row) =>
        string.Join(
            '\n',
            [
                row.IsOpen ? "open" : "closed",
                row.HeadSha,
                row.HeadBranch,
                row.BaseBranch,
                row.IsFork ? "fork" : "",
                row.IsDraft ? "draft" : "",
                row.Author ?? "",
                row.Association ?? "",
                row.Url ?? "",
                .. row.Labels,
                "",
                .. row.MemberLabels,
            ]
        );
}
