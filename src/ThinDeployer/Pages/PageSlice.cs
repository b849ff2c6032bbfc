using AspNetCoreGeneratedDocument;
using RazorSlices;

namespace ThinDeployer.Pages;

/// <summary>A template within the frame that all pages have.</summary>
internal abstract class PageSlice<TModel> : RazorSlice<TModel>, IUsesLayout<PageLayout, Frame>
    where TModel : IPageModel
{
    public Frame LayoutModel => Model.Frame;
}

/// <summary>What a page shows.</summary>
internal interface IPageModel
{
    Frame Frame { get; }
}

/// <summary>Makes the frame.</summary>
internal sealed class PageLayout : IRazorSliceProxy<Frame>
{
    public static RazorSlice<Frame> CreateSlice(Frame model) => new Pages_Templates_Layout { Model = model };
}
